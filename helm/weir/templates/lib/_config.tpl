{{/* Settings that all components share. Argument: the root context. */}}
{{- define "weir.settings.shared" -}}
{{- with .Values -}}
kafka.bootstrap.servers: {{ required "kafka.bootstrapServers is required: the brokers to begin with, host:port separated by commas" .kafka.bootstrapServers | toJson }}
spans.topic: {{ .spans.topic | toJson }}
spans.partitions: {{ .spans.partitions }}
spans.retention: {{ .spans.retention | toJson }}
spans.codec: {{ .spans.codec }}
multitenancy.enabled: {{ .multitenancy.enabled }}
http.port: 8080
log.level: {{ .log.level }}
log.format: {{ .log.format }}
{{- range $property, $value := .kafka.config }}
{{- if regexMatch "(password|jaas\\.config|keystore\\.key)$" $property }}
{{- fail (printf "kafka.config.%s would stand readable in a ConfigMap: put it into a Secret and name it in kafka.secret" $property) }}
{{- end }}
kafka.{{ $property }}: {{ $value | toJson }}
{{- end }}
{{- end }}
{{- end }}

{{/*
The settings file of a component: shared settings, its own, and what its `config` adds. Each value is
written as JSON, which is YAML too and keeps large integers as they are. Arguments: root, component.
*/}}
{{- define "weir.config" -}}
{{- $settings := include "weir.settings.shared" .root | fromYaml -}}
{{- $settings = merge $settings (include (print "weir.settings." .component) .root | fromYaml) -}}
{{- $component := .component -}}
{{- range $key, $value := (index .root.Values .component).config }}
{{- if hasKey $settings $key }}
{{- fail (printf "%s.config.%s: the chart sets this key itself, from another of its values" $component $key) }}
{{- end }}
{{- $_ := set $settings $key $value }}
{{- end }}
{{- range $key, $value := $settings }}
{{ $key }}: {{ $value | toJson }}
{{- end }}
{{- end }}

{{/* The ConfigMap with that file. Arguments: root, component. */}}
{{- define "weir.configMap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "weir.metadata" . | nindent 2 }}
data:
  weir.yaml: |
    {{- include "weir.config" . | trim | nindent 4 }}
{{- end }}
