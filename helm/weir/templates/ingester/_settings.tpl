{{/* The ingester's own settings. Argument: the root context. */}}
{{- define "weir.settings.ingester" -}}
ingester.group.id: {{ .Values.ingester.groupId | toJson }}
backend.local.path: /var/lib/weir/traces
ingester.retention: {{ .Values.ingester.retention | toJson }}
{{- end }}
