from tests.proof.shim import library

__all__ = ["library"]
