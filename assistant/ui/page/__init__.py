"""The page view: a document's pages as pictures with their marks over them, and the same acts as at the desk."""
