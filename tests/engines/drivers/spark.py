"""Runs statements with Spark: a line of JSON for each, and one back."""
import datetime, decimal, glob, json, os, platform, sys, zipfile
import pyspark
from pyspark.sql import SparkSession

folder = sys.argv[1]


def snappy():
    """Where the library of the compression lies. It is taken out by hand: the jar takes some systems for such with musl."""
    jar = glob.glob(os.path.join(os.path.dirname(pyspark.__file__), "jars", "snappy-java-*.jar"))[0]
    member = f"org/xerial/snappy/native/Linux/{platform.machine()}/libsnappyjava.so"
    with zipfile.ZipFile(jar) as archive:
        path = archive.extract(member, folder)
    return f"-Dorg.xerial.snappy.lib.path={os.path.dirname(path)} -Dorg.xerial.snappy.lib.name=libsnappyjava.so"


session = (
    SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.sql.shuffle.partitions", "1")
    # To compile a plan takes longer than to run it over so few rows.
    .config("spark.sql.codegen.wholeStage", "false")
    .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
    .config("spark.sql.adaptive.enabled", "false")
    .config("spark.sql.warehouse.dir", folder + "/warehouse")
    # That of a server is seldom UTC.
    .config("spark.sql.session.timeZone", "America/New_York")
    .config("spark.driver.extraJavaOptions", snappy() + " -Dderby.system.home=" + folder)
    .config("spark.driver.memory", "1g")
    .getOrCreate()
)
session.sparkContext.setLogLevel("OFF")


def plain(value):
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    return value


def answer(question):
    if "version" in question:
        return session.version
    return [[plain(value) for value in row] for row in session.sql(question["statement"]).collect()]


for line in sys.stdin:
    try:
        said = {"answer": answer(json.loads(line))}
    except Exception as error:
        said = {"error": f"{type(error).__name__}: {error}"[:2000]}
    print("@" + json.dumps(said), flush=True)
