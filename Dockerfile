# rootwalk in a container: two stages, so that compiler and development packages stay behind.

FROM node:26-bookworm-slim AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libcap2-bin \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY package.json package-lock.json tsconfig.json tsconfig.build.json ./
# Not --omit=optional here: the compiler's own binary is an optional package.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY src src
RUN npm run build \
    && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
# The one thing an ordinary user needs from root: port 53. The file carries it, so it works in any network mode; where a
# builder drops it in COPY, Docker's own networks allow port 53 to everybody all the same.
RUN setcap cap_net_bind_service=+ep /usr/local/bin/node

# The image has its own Node, without npm: the packages that pin one for a checkout are left out above.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libatomic1 libstdc++6 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 953 --home-dir /var/lib/rootwalk --create-home --shell /usr/sbin/nologin rootwalk
COPY --from=build /usr/local/bin/node /usr/local/bin/node
WORKDIR /opt/rootwalk
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY package.json ./
COPY root-hints root-hints
COPY config config
RUN mkdir /etc/rootwalk \
    && cp config/docker.yaml /etc/rootwalk/rootwalk.yaml \
    && chmod +x dist/src/main.js \
    && ln -s /opt/rootwalk/dist/src/main.js /usr/local/bin/rootwalk

USER rootwalk
VOLUME ["/etc/rootwalk", "/var/lib/rootwalk"]
EXPOSE 53/udp 53/tcp
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["rootwalk", "health", "--config", "/etc/rootwalk/rootwalk.yaml"]
ENTRYPOINT ["rootwalk"]
CMD ["start", "--config", "/etc/rootwalk/rootwalk.yaml"]
