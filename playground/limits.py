"""The limits that Slack publishes for messages, views and their elements, as one table.

Sources are Slack's reference pages (block-kit/blocks, block-elements, composition-objects,
surfaces/modals, methods/*); numbers are characters or items unless the name says otherwise.
"""

from __future__ import annotations

from typing import Final

# Messages
MESSAGE_BLOCKS: Final = 50
MESSAGE_TEXT_KEPT: Final = 40_000  # longer text is cut, not refused
UPDATE_TEXT: Final = 4_000  # chat.update refuses more (msg_too_long)
# Not documented: larger messages were refused with msg_blocks_too_long between 11,300 and 13,200.
MESSAGE_BLOCK_TEXT_TOTAL: Final = 12_000
MARKDOWN_TOTAL: Final = 12_000

# Views
VIEW_BLOCKS: Final = 100
VIEW_BYTES: Final = 250_000
VIEW_STACK: Final = 3
MODAL_TITLE: Final = 24
PRIVATE_METADATA: Final = 3_000
CALLBACK_ID: Final = 255
EXTERNAL_ID: Final = 255

# Ids and text
BLOCK_ID: Final = 255
ACTION_ID: Final = 255
TEXT: Final = 3_000
FIELD: Final = 2_000
FIELDS: Final = 10
HEADER: Final = 150
LABEL: Final = 2_000
CONTEXT_ELEMENTS: Final = 10
ACTIONS_ELEMENTS: Final = 25
IMAGE_URL: Final = 3_000
ALT_TEXT: Final = 2_000
TABLE_ROWS: Final = 100
TABLE_COLUMNS: Final = 20
TABLE_TEXT_TOTAL: Final = 10_000

# Elements
BUTTON_TEXT: Final = 75
BUTTON_VALUE: Final = 2_000
URL: Final = 3_000
ACCESSIBILITY_LABEL: Final = 75
PLACEHOLDER: Final = 150
OPTION_TEXT: Final = 75
OPTION_VALUE: Final = 150
OPTION_DESCRIPTION: Final = 75
SELECT_OPTIONS: Final = 100
OPTION_GROUPS: Final = 100
GROUP_LABEL: Final = 75
FEW_OPTIONS: Final = 10  # radio_buttons and checkboxes
OVERFLOW_OPTIONS: Final = 5
INPUT_LENGTH: Final = 3_000
FILES: Final = 10
FILE_ALT_TEXT: Final = 1_000  # files.getUploadURLExternal
CONFIRM_TITLE: Final = 100
CONFIRM_TEXT: Final = 300
CONFIRM_BUTTON: Final = 30

# Interactions, in seconds
ACK_SECONDS: Final = 3.0
TRIGGER_SECONDS: Final = 3.0
RESPONSE_URL_SECONDS: Final = 30 * 60.0
RESPONSE_URL_USES: Final = 5

# Socket Mode
SOCKETS: Final = 10
