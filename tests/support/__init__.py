"""What the tests stand on: servers, fresh databases, recorders and transcripts."""
