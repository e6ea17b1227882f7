"""The what-if bench: change a printed number or a convention and see at once which histories are left.

Below the widgets everything is a pure function of a `State`: `answer` inverts, the pictures and panels show. Only
`bench` and `inputs` know widgets; only `worker` knows processes.
"""
