"""The AWS CLI of Debian, called many times: loaded once, then a process of its own for each call."""

import json
import os
import sys
import tempfile

import awscli.clidriver


def answer_to(args, env):
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if child == 0:
            # Set when it was loaded.
            data = os.environ["AWS_DATA_PATH"]
            os.environ.clear()
            os.environ.update(env, AWS_DATA_PATH=data)
            sys.argv = ["aws", *args]
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
            code = awscli.clidriver.main()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        _, status = os.waitpid(child, 0)
        output.seek(0)
        return {"code": os.waitstatus_to_exitcode(status), "output": output.read().decode()}


json.dump([answer_to(**call) for call in json.load(sys.stdin)], sys.stdout)
