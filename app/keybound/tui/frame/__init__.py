"""The frame around every screen: header, footer, the pane in between."""
