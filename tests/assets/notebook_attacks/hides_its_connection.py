import glob
import os

for path in glob.glob(os.environ["TMPDIR"] + "/kernel*"):
    os.unlink(path)


def double(number):
    return 2 * number
