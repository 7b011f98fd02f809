package places

// A Driver is somebody of another package.
type Driver interface{ Go(to string) }
