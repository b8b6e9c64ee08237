"""The transparency log: Merkle tree, tiles on disk, signed checkpoints and one-entry proofs."""
