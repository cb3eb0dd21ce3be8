"""What careful officers decided about the like: a small sequence labeller trained on worked passages (作業例).

It reads words, layout and what the rules found, and says for each word what the worked passages would have it be.
It is trained by `python -m training.train` on passages we wrote; its weights ship with the package. What it says is
data for the policy (`policy/weigh.py`), which decides what to make of it.
"""
