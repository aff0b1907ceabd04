# One image for web, worker, beat and migrations; docker-compose.yml says which command each one runs.

FROM node:24-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.13-slim AS build
WORKDIR /app
RUN pip install --no-cache-dir uv==0.13.9 && python -m venv --without-pip /venv
COPY requirements/app.txt requirements/app.txt
RUN uv pip install --python /venv/bin/python --no-cache --compile-bytecode --require-hashes -r requirements/app.txt
COPY . .
COPY --from=assets /app/node_modules node_modules
# Compressed once here and not at every start. The values only let the settings load; nothing connects.
RUN /venv/bin/python -m embedded.assets copy \
 && rm -rf node_modules \
 && find . -path './locale/*.po' -exec sh -c '/venv/bin/pybabel -q compile -i "$1" -o "${1%.po}.mo"' _ {} \; \
 && DJANGO_SETTINGS_MODULE=config.settings.prod SECRET_KEY=build FIELD_KEYS=00 \
    DATABASE_URL=postgres://build@nowhere/build REDIS_URL=redis://nowhere CACHE_URL=redis://nowhere \
    /venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.13-slim
RUN groupadd --gid 10001 callsteward \
 && useradd --uid 10001 --gid callsteward --no-create-home --shell /usr/sbin/nologin callsteward \
 && install -d -m 0700 -o callsteward -g callsteward /uploads
COPY --from=build /venv /venv
# Owned by root: the program cannot change itself.
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.prod \
    UPLOAD_ROOT=/uploads
USER callsteward
VOLUME /uploads
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "4", "--no-control-socket", "--worker-tmp-dir", "/dev/shm", "--graceful-timeout", "20"]
