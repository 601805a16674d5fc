"""様式3 「市政改革プランに基づく取組等」: the form of the plans of FY2015 to FY2022.

Its data stand in forms/youshiki3.toml; this names the parts that readers of its papers know.
"""

from __future__ import annotations

from bot.domain.forms.form_files import built_in

YOUSHIKI3 = built_in("youshiki3")

MID_YEAR, YEAR_END = YOUSHIKI3.stages
IMPLEMENTATION = MID_YEAR.question("implementation")
ATTAINMENT_OUTLOOK = MID_YEAR.question("attainment")
RESULTS = YEAR_END.question("results")
ATTAINMENT = YEAR_END.question("attainment")

FORMS = {YOUSHIKI3.key: YOUSHIKI3}
