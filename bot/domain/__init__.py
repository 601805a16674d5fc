"""What is true: pure rules, with time always an argument.

No Slack, SQL, scheduler or file format comes in here.
"""
