"""Pure statistics on arrays: what stands out in space and time, what a measure did, what is to be expected."""
