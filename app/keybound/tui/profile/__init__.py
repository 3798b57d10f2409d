"""The Profile screen: editor, switches, plan."""
