# Cutbook as a command, by an ordinary user; the project folder is the volume /project.

FROM python:3.13-slim AS build
WORKDIR /source
COPY requirements-installer.lock ./
RUN python -m pip install --no-cache-dir --require-hashes -r requirements-installer.lock
COPY pyproject.toml setup.py README.md LICENSE ./
COPY lib lib
COPY notebooks notebooks
COPY parameters parameters
RUN python -m pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheel .

FROM python:3.13-slim
COPY requirements.lock /tmp/
RUN python -m pip install --no-cache-dir --require-hashes -r /tmp/requirements.lock
COPY --from=build /wheel /tmp/wheel
RUN python -m pip install --no-cache-dir --no-deps --no-index /tmp/wheel/*.whl
RUN useradd --uid 10001 --create-home cutbook \
    && install --directory --owner cutbook --group cutbook --mode 0750 /project
USER 10001:10001
WORKDIR /project
VOLUME /project
ENTRYPOINT ["cutbook"]
CMD ["--help"]
