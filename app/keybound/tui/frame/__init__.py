"""The frame around every screen: header, footer, the room in between."""
