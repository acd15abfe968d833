{{/* Prefix of all names. Argument: the root context. */}}
{{- define "weir.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{/* Name of what belongs to a component. Arguments: root, component. */}}
{{- define "weir.name" -}}
{{ include "weir.fullname" .root }}-{{ .component }}
{{- end }}

{{/* Labels by which a component's pods are found; they can never change. Arguments: root, component. */}}
{{- define "weir.selector" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride | trunc 63 | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Labels of all that belongs to a component. Arguments: root, component. */}}
{{- define "weir.labels" -}}
{{ include "weir.selector" . }}
app.kubernetes.io/part-of: weir
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service | quote }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | quote }}
{{- end }}

{{/* Name, namespace-less, and labels. Arguments: root, component. */}}
{{- define "weir.metadata" -}}
name: {{ include "weir.name" . }}
labels:
  {{- include "weir.labels" . | nindent 2 }}
{{- end }}
