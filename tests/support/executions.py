"""What Step Functions knows of the syncs of the deployed stack."""


class Executions:
    """The executions of the deployed state machine, by name: the id of the sync."""

    def __init__(self, aws):
        self._client = aws("stepfunctions")
        (machine,) = self._client.list_state_machines()["stateMachines"]
        self._machine = machine["stateMachineArn"]
        self._prefix = self._machine.replace(":stateMachine:", ":execution:")

    def status(self, sync_id):
        """RUNNING, SUCCEEDED, FAILED, ABORTED; None where it never began."""
        try:
            return self._client.describe_execution(executionArn=f"{self._prefix}:{sync_id}")["status"]
        except self._client.exceptions.ExecutionDoesNotExist:
            return None

    def stop(self, sync_id):
        """Stop one; whether it ran. The service hears of it."""
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
        """The names of the states it entered."""
        details = (each.get("stateEnteredEventDetails") for each in self._events(sync_id))
        return [each["name"] for each in details if each]

    def deaths(self, sync_id):
        """How many invocations ended with their process."""
        details = (each.get("taskFailedEventDetails") for each in self._events(sync_id))
        return sum(1 for each in details if each and each["error"] == "Runtime.ExitError")

    def of_zone(self, zone_id):
        """The names of a zone's executions."""
        found = set()
        for page in self._client.get_paginator("list_executions").paginate(stateMachineArn=self._machine):
            for each in page["executions"]:
                if zone_id in self._client.describe_execution(executionArn=each["executionArn"])["input"]:
                    found.add(each["name"])
        return found
