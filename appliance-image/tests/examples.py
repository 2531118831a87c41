#!/usr/bin/env python3
"""examples.py FOLDER - whether compose.yaml and kubernetes.yaml there hang together.

Neither engine is needed: both are read as YAML, compose's keys are its engine's own, and what refers to
something refers to something there is. Kubernetes' keys are held to its own models by ManifestTest."""

import pathlib
import sys

import yaml

SERVICE = {"image", "network_mode", "read_only", "cap_drop", "security_opt", "ulimits", "tmpfs", "volumes",
           "stop_grace_period", "restart", "healthcheck"}
faults = []


def expect(what, holds):
    if not holds:
        faults.append(what)


def known(where, found, allowed):
    expect(f"{where}: unknown {sorted(set(found) - allowed)}", set(found) <= allowed)


def compose(path):
    document = yaml.safe_load(path.read_text())
    known("compose", document, {"services", "volumes"})
    for name, service in document["services"].items():
        known(name, service, SERVICE)
        expect(f"{name}: read-only and without capabilities", service["read_only"] and service["cap_drop"] == ["ALL"])
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            there = (path.parent / source).exists() if source.startswith(".") else source in document["volumes"]
            expect(f"{name}: volume {source} is not there", there)


def kubernetes(path):
    by_kind = {document["kind"]: document for document in yaml.safe_load_all(path.read_text())}
    expect("kinds", set(by_kind) == {"ConfigMap", "Service", "StatefulSet"})
    stateful, service = by_kind["StatefulSet"]["spec"], by_kind["Service"]
    pod = stateful["template"]["spec"]
    labels = stateful["template"]["metadata"]["labels"]
    expect("serviceName", stateful["serviceName"] == service["metadata"]["name"])
    expect("selectors", stateful["selector"]["matchLabels"] == labels == service["spec"]["selector"])
    volumes = {volume["name"] for volume in pod["volumes"]}
    volumes |= {claim["metadata"]["name"] for claim in stateful["volumeClaimTemplates"]}
    for volume in pod["volumes"]:
        if "configMap" in volume:
            expect("configMap name", volume["configMap"]["name"] == by_kind["ConfigMap"]["metadata"]["name"])
            keys = {item["key"] for item in volume["configMap"]["items"]}
            expect("configMap keys", keys <= set(by_kind["ConfigMap"]["data"]))
    for container in pod["containers"]:
        mounted = {mount["name"] for mount in container["volumeMounts"]}
        expect(f"mounts {mounted ^ volumes}", mounted == volumes)
        ports = {(port["name"], port["containerPort"]) for port in container["ports"]}
        expect("ports", ports == {(port["name"], port["port"]) for port in service["spec"]["ports"]})
        expect("not root", pod["securityContext"]["runAsNonRoot"]
               and not container["securityContext"]["allowPrivilegeEscalation"])
    inner = yaml.safe_load(by_kind["ConfigMap"]["data"]["target.yaml"])
    expect("same configuration as the compose file's", inner == yaml.safe_load((path.parent / "target.yaml").read_text()))


folder = pathlib.Path(sys.argv[1])
compose(folder / "compose.yaml")
kubernetes(folder / "kubernetes.yaml")
print("\n".join(faults) or "compose.yaml and kubernetes.yaml hang together")
sys.exit(bool(faults))
