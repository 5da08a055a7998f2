"""Prints what botocore reads from each file of a folder, as JSON: {file: null | {raw, profiles}}."""
import json
import os
import sys

from awscli.botocore import configloader

folder = sys.argv[1]
answers = {}
for name in sorted(os.listdir(folder)):
    path = os.path.join(folder, name)
    try:
        configloader.raw_config_parse(path)
        answers[name] = {
            "raw": configloader.raw_config_parse(path, parse_subsections=False),
            "profiles": list(configloader.load_config(path)["profiles"].items()),
        }
    except configloader.botocore.exceptions.ConfigParseError:
        answers[name] = None
json.dump(answers, sys.stdout)
