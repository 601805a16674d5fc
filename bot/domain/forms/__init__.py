"""The forms that come with kaikaku, as files, and the reading of files like them."""
