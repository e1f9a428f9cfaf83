//! Holds the ui cases; the test target `ui` runs them.
