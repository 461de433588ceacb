"""Read the executions of syncs on the deployed stack."""


class Executions:
    """The executions of the deployed state machine. The name of an execution is the id of its sync."""

    def __init__(self, aws):
        self._client = aws("stepfunctions")
        (machine,) = self._client.list_state_machines()["stateMachines"]
        self._machine = machine["stateMachineArn"]
        self._prefix = self._machine.replace(":stateMachine:", ":execution:")

    def status(self, sync_id):
        """Return RUNNING, SUCCEEDED, FAILED or ABORTED. Return None if it never began."""
        try:
            return self._client.describe_execution(executionArn=f"{self._prefix}:{sync_id}")["status"]
        except self._client.exceptions.ExecutionDoesNotExist:
            return None

    def stop(self, sync_id):
        """Stop an execution. Return whether it was running. An event tells the service."""
        try:
            self._client.stop_execution(executionArn=f"{self._prefix}:{sync_id}")
        except self._client.exceptions.ClientError:
            return False
        return True

    def _events(self, sync_id):
        pages = self._client.get_paginator("get_execution_history")
        for page in pages.paginate(executionArn=f"{self._prefix}:{sync_id}"):
            yield from page["events"]

    def states(self, sync_id):
        """Return the names of the states that an execution entered."""
        details = (each.get("stateEnteredEventDetails") for each in self._events(sync_id))
        return [each["name"] for each in details if each]

    def errors(self, sync_id):
        """Return the names of the errors of all invocations that failed."""
        details = (each.get("taskFailedEventDetails") for each in self._events(sync_id))
        return [each["error"] for each in details if each]

    def deaths(self, sync_id):
        """Return the number of invocations whose process died."""
        return self.errors(sync_id).count("Runtime.ExitError")

    def of_zone(self, zone_id):
        """Return the names of a zone's executions."""
        found = set()
        for page in self._client.get_paginator("list_executions").paginate(stateMachineArn=self._machine):
            for each in page["executions"]:
                if zone_id in self._client.describe_execution(executionArn=each["executionArn"])["input"]:
                    found.add(each["name"])
        return found
