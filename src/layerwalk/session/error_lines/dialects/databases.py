"""MySQL and MariaDB, Redis and MongoDB: their own tools and the drivers of Python and Node.

MySQL's client gives error 110 for its own limit and for the kernel's alike, and old ones no port.
"""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

MYSQL, REDIS, MONGODB = "mysql", "redis", "mongodb"

RULES = (
    Rule(
        needs="can't connect to",
        looks=r"Can't connect to (?:MySQL |MariaDB )?server on '(?P<at><AT>)' \(timed out\)",
        runtime="mysql",
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="can't connect to",
        looks=r"Can't connect to (?:MySQL |MariaDB )?server on '(?P<at><AT>)' \(11[05]\)",
        runtime=MYSQL,
        phase="connect",
        timer="unknown",
    ),
    Rule(
        needs="can't connect to",
        looks=r"Can't connect to (?:MySQL |MariaDB )?server on '(?P<at><AT>)'",
        runtime=MYSQL,
        phase="connect",
    ),
    Rule(
        needs="unknown ",
        looks=r"Unknown (?:MySQL |MariaDB )?server host '(?P<host><NAME>)'",
        runtime=MYSQL,
        phase="name",
        errno="EAI_NONAME",
        timer="none",
    ),
    Rule(
        needs="lost connection to",
        looks=r"Lost connection to (?:MySQL |MariaDB )?server ",
        runtime=MYSQL,
        phase="read",
    ),
    Rule(
        needs="could not connect to redis at",
        looks=r"Could not connect to Redis at (?P<at><AT>): Connection timed out",
        runtime=REDIS,
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="could not connect to redis at",
        looks=r"Could not connect to Redis at (?P<at><AT>): (?:Name or service|Temporary failure)",
        runtime=REDIS,
        phase="name",
    ),
    Rule(
        needs="could not connect to redis at",
        looks=r"Could not connect to Redis at (?P<at><AT>): ",
        runtime=REDIS,
        phase="connect",
    ),
    Rule(
        needs="error 110 connecting to",
        looks=r"Error 110 connecting to (?P<at><AT>)\. ",
        runtime="redis",
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
    ),
    Rule(
        needs="error -",
        looks=r"Error -\d+ connecting to (?P<at><AT>)\. ",
        runtime="redis",
        phase="name",
    ),
    Rule(
        needs=" connecting to ",
        looks=r"Error \d+ connecting to (?P<at><AT>)\. ",
        runtime="redis",
        phase="connect",
    ),
    Rule(
        needs="timeout connecting to server",
        looks=r"Timeout connecting to server",
        runtime="redis",
        phase="connect",
        timer="unknown",
    ),
    Rule(
        needs="timeout reading from ",
        looks=r"Timeout reading from (?:socket|(?P<at><AT>))",
        runtime="redis",
        phase="read",
        timer="program",
    ),
    Rule(
        needs="unabletoconnect on ",
        looks=r"UnableToConnect on (?P<at><AT>)",
        runtime=".net",
        phase="connect",
    ),
    Rule(
        needs="servers: [<serverdescription",
        looks=r"Timeout: (?P<limit><NUMBER>)(?P<unit>s), Topology Description:.{0,200}?"
        r"ServerDescription \('(?P<host><HOST>)', (?P<port>\d+)\)",
        runtime="mongodb",
        timer="program",
    ),
    Rule(
        needs="mongonetworktimeouterror",
        looks=r"MongoNetworkTimeoutError: connection (?:\d+ |<monitor> )?to (?P<at><AT>) timed out",
        runtime="mongodb",
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="mongoserverselectionerror",
        looks=r"MongoServerSelectionError: ",
        runtime="mongodb",
    ),
    Rule(
        needs="server selection timed out after",
        looks=r"Server selection timed out after (?P<limit>\d+) (?P<unit>ms)",
        runtime="mongodb",
        phase="connect",
        timer="program",
    ),
    Rule(
        needs="server selection error",
        looks=r"server selection error: .{0,400}?Addr: (?P<at><AT>), Type: Unknown",
        runtime="mongodb",
        phase="connect",
    ),
    Rule(
        needs="couldn't connect to server",
        looks=r"couldn't connect to server (?P<at><AT>), (?:connection attempt failed|in|.{0,20}:)",
        runtime=MONGODB,
        phase="connect",
    ),
)
