#!/usr/bin/env bash
# Runs the README's grpcurl and ghz lines and the Java sample against a live demo server. Needs Go,
# which fetches the two tools; nothing else in the project does.
set -euo pipefail
cd "$(dirname "$0")/.."

grpcurl_version=v1.9.4
ghz_version=v0.93.0
tools="$PWD/client-samples/target/tools"

command -v go >/dev/null || { echo "run-tools: Go is not installed; it is needed for grpcurl and ghz" >&2; exit 1; }
mkdir -p "$tools"
[ -x "$tools/grpcurl" ] || GOBIN="$tools" go install "github.com/fullstorydev/grpcurl/cmd/grpcurl@$grpcurl_version"
[ -x "$tools/ghz" ] || GOBIN="$tools" go install "github.com/bojand/ghz/cmd/ghz@$ghz_version"

log="$tools/server.log"
./javelin serve --config server/demo/javelin.yaml >"$log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true' EXIT

ready() { "$tools/grpcurl" -plaintext -d '{"service":"readiness"}' 127.0.0.1:8001 grpc.health.v1.Health/Check 2>/dev/null | grep -q '"SERVING"'; }
for _ in $(seq 1 120); do
  ready && break
  kill -0 "$server" 2>/dev/null || { cat "$log" >&2; exit 1; }
  sleep 0.5
done

echo "-- grpcurl: ModelInfer"
"$tools/grpcurl" -plaintext -H 'x-user-id: user-42' -d @ 127.0.0.1:8001 \
  inference.GRPCInferenceService/ModelInfer <client-samples/ghz/digits.json

echo "-- grpcurl: ExplainRoute"
"$tools/grpcurl" -plaintext -d '{"model":"cancer","user_id":"user-42"}' 127.0.0.1:8003 \
  javelin.v1.AdminService/ExplainRoute

echo "-- ghz: 5 seconds"
"$tools/ghz" --insecure --call inference.GRPCInferenceService.ModelInfer -D client-samples/ghz/cancer.json \
  --metadata '{"x-user-id":"user-42"}' -c 32 --connections 4 -z 5s --duration-stop=wait 127.0.0.1:8001 \
  >"$tools/ghz.txt"
cat "$tools/ghz.txt"
grep -q '\[OK\]' "$tools/ghz.txt"
if grep -q 'Error distribution' "$tools/ghz.txt"; then
  echo "run-tools: ghz saw errors" >&2
  exit 1
fi

echo "-- Java sample"
[ -d client-samples/target/dist/lib ] || mvn -B -q -pl client-samples -am -DskipTests package
"$(./javelin java)" -cp 'client-samples/target/dist/lib/*' io.javelin.samples.PredictDigit 127.0.0.1:8001 user-1 3
