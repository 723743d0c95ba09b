# Web and worker are one image: `node dist/main.js` by default, `node dist/worker.js` for a worker.

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM node:20-bookworm-slim AS libraries
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:20-bookworm-slim
# ffmpeg draws the first frame of a video that came as evidence; receipts of Chinese banks are PDFs without their font.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg fonts-noto-cjk tini \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o node -g node -m 700 /var/lib/firebreak
WORKDIR /app
COPY --from=libraries /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY bin bin
COPY workflows workflows
COPY package.json LICENSE ./
USER node
ENV NODE_ENV=production MALLOC_ARENA_MAX=2 HOST=0.0.0.0 PORT=8080 DATA_DIR=/var/lib/firebreak
VOLUME /var/lib/firebreak
EXPOSE 8080
# tini hands signals on and reaps what ends; on SIGTERM the process finishes what runs and takes no more.
ENTRYPOINT ["tini", "--"]
CMD ["node", "--max-semi-space-size=8", "--v8-pool-size=1", "dist/main.js"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
