"""Walk the migrations back and forth over rows that must survive."""

# TODO(downgrade): seed, downgrade by one, upgrade again: every movie and every rating
# is still there. Then down to base, up and seeded again.
