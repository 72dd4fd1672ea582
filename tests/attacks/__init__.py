"""What is tried at a file, by whom and through which door: for tests (common_attack.py), and from outside (make attack)."""
