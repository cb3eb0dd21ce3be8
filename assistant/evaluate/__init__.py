"""The figures of `osumitsuki evaluate`: how well the assistant does on passages and questions a city has labelled."""
