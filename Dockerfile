# Builds in one image, runs in another that holds Python, the locked dependencies and Cadence, and no tool to install more.
FROM python:3.13-slim AS build
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore

COPY requirements ./requirements
RUN python -m venv --without-pip /opt/cadence \
    && pip --python /opt/cadence/bin/python install --require-hashes --only-binary :all: -r requirements/run.txt

# The build tool comes from the developers' lock, with its hashes, and stays here.
RUN sed -n '/^setuptools==/,/[^\\]$/p' requirements/dev.txt > setuptools.txt \
    && pip install --require-hashes --only-binary :all: -r setuptools.txt
COPY pyproject.toml README.md ./
COPY bot ./bot
COPY handlers ./handlers
COPY scheduler ./scheduler
COPY migrations ./migrations
RUN pip wheel --no-deps --no-build-isolation --wheel-dir wheels . \
    && pip --python /opt/cadence/bin/python install --no-deps --no-index wheels/*.whl

FROM python:3.13-slim
RUN groupadd --system --gid 10001 cadence \
    && useradd --system --uid 10001 --gid cadence --home-dir /data --no-create-home --shell /usr/sbin/nologin cadence \
    && install --directory --owner cadence --group cadence /data
COPY --from=build /opt/cadence /opt/cadence
ENV PATH=/opt/cadence/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CADENCE_DATABASE_URL=sqlite:////data/cadence.sqlite3
USER cadence
WORKDIR /data
VOLUME ["/data"]
# http.client and not urllib: a proxy set for Slack must not be asked about this very container.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-c", "import http.client, os; probe = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('CADENCE_HEALTH_PORT') or 8080), timeout=4); probe.request('GET', '/healthz'); raise SystemExit(probe.getresponse().status != 200)"]
ENTRYPOINT ["cadence"]
CMD ["run"]
