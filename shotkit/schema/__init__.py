"""What is in the database: shotkit's own migrations, and which of them were applied."""
