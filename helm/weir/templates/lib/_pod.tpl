{{/*
The pod template of a component.
Arguments: root, component, app (the application's name in the image), ports (name to number),
mounts and volumes (lists, may be absent), drain (seconds to go on serving after the pod has left its Service).
*/}}
{{- define "weir.podTemplate" -}}
{{- $root := .root -}}
{{- $values := index $root.Values .component -}}
{{- $kafkaSecret := $root.Values.kafka.secret -}}
metadata:
  labels:
    {{- include "weir.labels" . | nindent 4 }}
    {{- with $values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    # A changed configuration restarts the pods.
    checksum/config: {{ include "weir.config" . | sha256sum }}
    {{- with $values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  automountServiceAccountToken: false
  # Service variables of a release called weir would look like settings (WEIR_…) and stop the start.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds }}
  {{- with $root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: {{ .component }}
      image: {{ include "weir.image" $root | quote }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args: [{{ .app }}, --config, /etc/weir/weir.yaml]
      env:
        - name: JAVA_TOOL_OPTIONS
          value: {{ printf "-Djava.io.tmpdir=/tmp %s" $values.javaOptions | trim | quote }}
        {{- if .stable }}
        # A pod of a StatefulSet comes back under its name, and gets its work back at once.
        - name: WEIR_INSTANCE_ID
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        {{- end }}
        {{- range $property, $key := $kafkaSecret.properties }}
        - name: WEIR_KAFKA_{{ $property | replace "." "_" | upper }}
          valueFrom:
            secretKeyRef:
              name: {{ required "kafka.secret.name is required when kafka.secret.properties is set" $kafkaSecret.name | quote }}
              key: {{ $key | quote }}
        {{- end }}
      ports:
        {{- range $name, $port := .ports }}
        - name: {{ $name }}
          containerPort: {{ $port }}
        {{- end }}
      startupProbe:
        httpGet: {path: /live, port: http}
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: {path: /live, port: http}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: {path: /ready, port: http}
        periodSeconds: 5
        timeoutSeconds: 5
      {{- with .drain }}
      lifecycle:
        preStop:
          exec:
            command: [sleep, {{ . | quote }}]
      {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      resources:
        {{- toYaml $values.resources | nindent 8 }}
      volumeMounts:
        - name: config
          mountPath: /etc/weir/weir.yaml
          subPath: weir.yaml
          readOnly: true
        - name: tmp
          mountPath: /tmp
        {{- if $kafkaSecret.name }}
        - name: kafka
          mountPath: /etc/weir/kafka
          readOnly: true
        {{- end }}
        {{- with .mounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ include "weir.name" . }}
    # Native libraries (RocksDB, snappy, zstd) are unpacked here.
    - name: tmp
      emptyDir: {}
    {{- with $kafkaSecret.name }}
    - name: kafka
      secret:
        secretName: {{ . | quote }}
    {{- end }}
    {{- with .volumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.topologySpreadConstraints }}
  topologySpreadConstraints:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $values.priorityClassName }}
  priorityClassName: {{ . | quote }}
  {{- end }}
{{- end }}

{{/* The image with its tag. Argument: the root context. */}}
{{- define "weir.image" -}}
{{- $repository := required "image.repository is required: build the image with the Dockerfile and push it to a registry of yours" .Values.image.repository -}}
{{ $repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end }}

{{/* How many pods of a component a drain may stop. Arguments: root, component. */}}
{{- define "weir.podDisruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "weir.metadata" . | nindent 2 }}
spec:
  maxUnavailable: {{ (index .root.Values .component).podDisruptionBudget.maxUnavailable }}
  selector:
    matchLabels:
      {{- include "weir.selector" . | nindent 6 }}
{{- end }}

{{/* A Service in front of a component. Arguments: root, component, ports (name to number). */}}
{{- define "weir.service" -}}
{{- $service := (index .root.Values .component).service -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "weir.metadata" . | nindent 2 }}
  {{- with $service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ $service.type }}
  selector:
    {{- include "weir.selector" . | nindent 4 }}
  ports:
    {{- range $name, $port := .ports }}
    - name: {{ $name }}
      port: {{ $port }}
      targetPort: {{ $name }}
    {{- end }}
{{- end }}

{{/* A claim of a StatefulSet for the volume `storage`. Argument: the persistence values. */}}
{{- define "weir.claim" -}}
metadata:
  name: storage
spec:
  accessModes: [ReadWriteOnce]
  {{- with .storageClass }}
  storageClassName: {{ . | quote }}
  {{- end }}
  resources:
    requests:
      storage: {{ .size | quote }}
{{- end }}
