"""`python -m helpers` is the same as the console script `unrounded`."""

from helpers.cli import main

if __name__ == "__main__":
    main()
