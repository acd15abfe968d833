{{/* The distributor's own settings. Argument: the root context. */}}
{{- define "weir.settings.distributor" -}}
otlp.grpc.port: 4317
otlp.http.port: 4318
{{- with .Values.distributor.maxRequestSize }}
otlp.max.request.size: {{ . | toJson }}
{{- end }}
{{- end }}
