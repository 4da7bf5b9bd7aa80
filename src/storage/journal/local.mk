# Filled when the room is built.
