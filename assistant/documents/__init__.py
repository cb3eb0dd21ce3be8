"""What was given → a Document. Text now; PDF, Word, Excel and mail come with their issue."""
