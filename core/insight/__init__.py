"""What can be learned from a trace: functions from traces to arrays."""
