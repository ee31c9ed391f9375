"""The programs that run inside the sandbox: standard library only, no assertions.

They are loaded by path under the name in ``PACKAGE``, so that the chosen Python
environment needs nothing of ours installed. Trusted: they never hold an expected value
and every submission's own process is a fork of them, so what they report is data.
"""
