"""The screen: panes, dialogs, messages. Nothing here is imported by the command line."""
