"""`python -m bot` is the command `kaikaku`."""

from bot.cli import main

raise SystemExit(main())
