"""What can be learnt from a trace: functions from traces to arrays."""
