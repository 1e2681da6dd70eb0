from benchmarks.ports import SCENES, WARM, Raced, Scene, by_state, of_nmap, of_ours

XML = (
    '<ports><extraports state="closed" count="995">\n<extrareasons reason="reset" count="995"/>\n'
    '</extraports>\n<port protocol="tcp" portid="22"><state state="open" reason="syn-ack"/></port>'
    '<port protocol="tcp" portid="23"><state state="filtered" reason="no-response"/></port></ports>'
)


def test_the_truth_about_every_port_is_known() -> None:
    for scene in (*SCENES, *WARM):
        truth = scene.expected()
        assert list(truth) == list(range(1, scene.last + 1))
        assert scene.network.address("server")
    mixed = Scene("mixed", 1000, 1, 1.0).expected()
    assert (mixed[21], mixed[22], mixed[24]) == (
        ("filtered", "no-response"),
        ("open", "syn-ack"),
        ("closed", "reset"),
    )


def test_reports_are_read() -> None:
    out = '{"ports": [{"port": 22, "state": "open", "reason": "syn-ack"}]}'
    assert of_ours(out) == {22: ("open", "syn-ack")}
    assert of_ours("{}") == of_ours("Traceback") == {}
    assert of_nmap(XML, Scene("closed", 997, 1, 1.0)) == {"closed": 995, "open": 1, "filtered": 1}
    assert of_nmap(XML, Scene("closed", 1000, 1, 1.0)) == {}
    assert by_state({1: ("open", "syn-ack"), 2: ("open", "syn-ack")}) == {"open": 2}


def test_an_aim_is_a_share_of_nmaps_time_and_some_seconds_more() -> None:
    scene = Scene("closed", 1000, 50_000, 2.0, 0.5)
    raced = Raced(scene, (1.0, 1.2, 1.1), (0.4, 0.5, 0.6), 3, 3, 70.0)
    assert raced.aim == "1-1000 closed, rate 50000: 1.10 s, aim 1.5 s: met"
    assert raced.row[:5] == ("1-1000 closed", 1.1, 0.5, 1.1 / 0.5, 70.0)
