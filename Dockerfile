# One image for the three applications. It expects a finished build (./mvnw package), whose jars and
# libraries it copies, and is told which application to run:
#
#   docker build -t registry.example.org/weir:0.1.0 .
#   docker run registry.example.org/weir:0.1.0 distributor-producer --kafka-bootstrap-servers kafka:9092
#
# BASE is any image with a shell and a Java runtime of 17 or later as `java`. JAVA_TOOL_OPTIONS takes options of the JVM.
ARG BASE=eclipse-temurin:25-jre
FROM ${BASE}

COPY distributor-producer/target/distributor-producer.jar /opt/weir/distributor-producer/
COPY distributor-producer/target/lib /opt/weir/distributor-producer/lib
COPY streams-app/target/streams-app.jar /opt/weir/streams-app/
COPY streams-app/target/lib /opt/weir/streams-app/lib
COPY ingester-consumer/target/ingester-consumer.jar /opt/weir/ingester-consumer/
COPY ingester-consumer/target/lib /opt/weir/ingester-consumer/lib

USER 10001:10001
EXPOSE 4317 4318 8080

# $0 is the first argument, the application's name; exec lets it get SIGTERM.
ENTRYPOINT ["sh", "-c", "exec java -jar \"/opt/weir/$0/$0.jar\" \"$@\""]
CMD ["distributor-producer", "--help"]
