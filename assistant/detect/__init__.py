"""What can be found without a model: recognizers, and reading a whole document together."""
