{{/* Name of the ConfigMap with settings by tenant. Argument: the root context. */}}
{{- define "weir.overridesName" -}}
{{ include "weir.name" (dict "root" . "component" "streams") }}-overrides
{{- end }}

{{/* Settings of streams. Argument: the root context. */}}
{{- define "weir.settings.streams" -}}
{{- if not (or .Values.remoteWrite.urls .Values.remoteWrite.configSecret.name) }}
{{- fail "remoteWrite.urls or remoteWrite.configSecret.name is required: where the samples go" }}
{{- end -}}
{{- with .Values.streams -}}
application.id: {{ .applicationId | toJson }}
shards: {{ .shards }}
window: {{ .window | toJson }}
state.dir: /var/lib/weir/state
stream.threads: {{ .streamThreads }}
samples.topic: {{ .samples.topic | toJson }}
samples.retention: {{ .samples.retention | toJson }}
{{- if .overrides }}
overrides.file: /etc/weir/overrides/overrides.yaml
{{- end }}
{{- end }}
{{- with .Values.remoteWrite.urls }}
remote.write.url: {{ . | toJson }}
{{- end }}
{{- if .Values.remoteWrite.configSecret.name }}
remote.write.config: /etc/weir/remote-write/{{ .Values.remoteWrite.configSecret.key }}
{{- end }}
{{- end }}
