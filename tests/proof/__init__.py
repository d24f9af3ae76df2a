"""Proof that nothing is lost: killed, or failed, at every call that changes a disk."""
