"""Opens what the crate sealed and seals what the crate opens (examples/peer.rs, the same JSON).

    exchange.py open < made.json     fails unless everything opens as it is said there
    exchange.py make                 seals one of everything and prints it
"""

import hashlib
import json
import os
import sys

import trust1 as t

TODAY = 20_779
CHANNEL = "almaty"
TEXT = "Мұғалім орнына ақша сұрады. Директор попросил денег: «200 000»."
NAME = "Болат Ж., bolat@example.kz"


def pattern(length):
    return bytes(at * at % 253 for at in range(length))


def refused(work, *words):
    try:
        work(*words)
    except t.Refused:
        return
    raise AssertionError(f"{work.__name__} opened what it must not")


def open_all(made):
    raw = bytes.fromhex
    people = {
        one["id"]: (t.Signing(raw(one["sign_seed"])), [t.Box(raw(seed)) for seed in one["box_seeds"]])
        for one in made["people"]
    }
    channel = made["channel"]
    root = t.Signing(raw(made["root_seed"]))
    directory = t.Directory(raw(made["directory"]), root.public)
    refused(t.Directory, raw(made["directory"]), people[1][0].public)

    said = made["receipt"]
    reporter = t.Reporter(said["digits"], channel)
    assert reporter.auth_seed.hex() == said["auth_seed"]
    assert reporter.box_seed.hex() == said["box_seed"]
    assert reporter.local.hex() == said["local"]
    assert reporter.mailbox.hex() == said["mailbox"]

    said = made["report"]
    envelope = raw(said["envelope"])
    assert t.report_id(envelope).hex() == said["id"]
    refused(t.open_report, envelope, channel, people[said["excluded"]][1])
    refused(t.open_report, envelope, "astana", people[said["reader"]][1])
    dek, content = t.open_report(envelope, channel, people[said["reader"]][1])
    assert content[5][1][1] == [said["text"]]
    assert content[8] == reporter.letters.public
    for at in (3, 8, 20, 60, 5_000, 9_430, len(envelope) - 1):
        changed = bytearray(envelope)
        changed[at] ^= 4
        if at != 8:
            refused(t.open_report, bytes(changed), channel, people[said["reader"]][1])

    identity = content[6]
    half = dict(map(tuple, identity[2]))[said["custodian"]]
    refused(t.open_half, people[said["reader"]][1], channel, reporter.mailbox, half)
    k2 = t.open_half(people[said["custodian"]][1], channel, reporter.mailbox, half)
    assert t.open_name(identity, channel, reporter.mailbox, k2) == said["name"]
    refused(t.open_name, identity, channel, reporter.mailbox, identity[0])

    ((size, salt),) = content[7]
    file = said["file"]
    chunks = t.file_chunks(dek, 0, size, salt, file["name"], file["media"], pattern(file["length"]))
    again = [[name.hex(), hashlib.sha256(sealed).hexdigest()] for name, sealed in chunks]
    assert again == said["chunks"]

    said = made["letter"]
    letter = raw(said["bytes"])
    got = t.open_letter(letter, [reporter.letters], channel, reporter.mailbox, directory)
    prev = hashlib.sha256(envelope).digest()
    expected = [0, said["from"], reporter.mailbox, said["seq"], prev, said["status"], said["text"].encode()]
    assert got == expected
    refused(t.open_letter, letter, people[1][1], channel, reporter.mailbox, directory)

    vault = made["vault"]
    assert t.open_vault(vault["passphrase"], raw(vault["bytes"])) == vault["text"].encode()
    refused(t.open_vault, "другая", raw(vault["bytes"]))

    frame = raw(made["poll"])
    assert t.check_poll(frame) == (reporter.mailbox, 1, bytes(16))
    status, payload = t.open_answer(t.POLL, frame[8:40], raw(made["answer"]))
    assert status == 0 and payload == b"\0\1\1" + payload[3:19] + letter


def make_all():
    seeds = {number: (os.urandom(32), [os.urandom(32), os.urandom(32)]) for number in range(1, 9)}
    keys = {one: (t.Signing(sign), [t.Box(seed) for seed in boxes]) for one, (sign, boxes) in seeds.items()}
    people = [(one, int(one > 6), f"Офицер {one}", *keys[one]) for one in keys]
    channels = [["almaty", [1, 2, 3, 4, 5], [7, 8]], ["astana", [4, 5, 6], [7]]]
    root_seed = os.urandom(32)
    root = t.Signing(root_seed)
    file = t.make_directory(root, people, channels, TODAY)
    directory = t.Directory(file, root.public)

    receipt = t.new_receipt()
    reporter = t.Reporter(receipt, CHANNEL)
    identity = t.seal_name(directory, CHANNEL, TODAY, reporter.mailbox, NAME)
    answers = [["route", ["hiring"]], ["what", [TEXT]]]
    content = [0, bytes(32), TODAY, 1, os.urandom(32), answers, identity]
    salt, length, dek = os.urandom(16), 70_000, os.urandom(32)
    chunks = list(t.file_chunks(dek, 0, 0, salt, "скан.png", "image/png", pattern(length)))
    envelope = t.seal_report(
        directory, CHANNEL, TODAY, reporter, content, [[0, salt]], excluded=(3,), dek=dek
    )
    prev = hashlib.sha256(envelope).digest()
    text = "Сообщение принято."
    letter = t.seal_letter(
        keys[4][0], CHANNEL, reporter.mailbox, reporter.letters.public,
        [0, 4, reporter.mailbox, 9, prev, "open", text.encode()],
    )
    reply, challenge = os.urandom(32), bytes([10, 8]) + os.urandom(30)
    payload = b"\0\1\1" + os.urandom(16) + letter
    return {
        "today": TODAY,
        "channel": CHANNEL,
        "root_seed": root_seed.hex(),
        "directory": file.hex(),
        "people": [
            {"id": one, "sign_seed": sign.hex(), "box_seeds": [seed.hex() for seed in boxes]}
            for one, (sign, boxes) in seeds.items()
        ],
        "receipt": {
            "digits": receipt,
            "auth_seed": reporter.auth_seed.hex(),
            "box_seed": reporter.box_seed.hex(),
            "local": reporter.local.hex(),
            "mailbox": reporter.mailbox.hex(),
        },
        "report": {
            "envelope": envelope.hex(),
            "id": t.report_id(envelope).hex(),
            "reader": 5,
            "excluded": 3,
            "text": TEXT,
            "name": NAME,
            "custodian": 7,
            "file": {"name": "скан.png", "media": "image/png", "length": length},
            "chunks": [[name.hex(), hashlib.sha256(sealed).hexdigest()] for name, sealed in chunks],
        },
        "letter": {"bytes": letter.hex(), "from": 4, "seq": 9, "status": "open", "text": text},
        "vault": {"passphrase": "құпия сөз", "bytes": t.seal_vault("құпия сөз", b"seed").hex(), "text": "seed"},
        "poll": t.poll(reporter.auth, reply, challenge, 1).hex(),
        "answer": t.answer(t.POLL, reply, 0, payload, 8192).hex(),
    }


if __name__ == "__main__":
    if sys.argv[1:] == ["open"]:
        open_all(json.load(sys.stdin))
        print("opened")
    elif sys.argv[1:] == ["make"]:
        json.dump(make_all(), sys.stdout)
    else:
        sys.exit(__doc__)
