"""The Web API by families of methods; `methods` has the table of them all."""
