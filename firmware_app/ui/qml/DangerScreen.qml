import QtQuick

// Acute danger: what to do, and whom to call. Nothing is written down here, and nobody is marked.
Page {
    title: qsTr("ui:evening:danger")
    Repeater {
        model: ["112", "veilig_thuis", "suicide", "trafficking", "coordinator"]
        Column {
            required property string modelData
            width: parent.width
            spacing: Look.gap / 2
            Words { width: parent.width; loud: true; text: qsTr("ui:danger:" + modelData + ":number") }
            Words { width: parent.width; text: qsTr("ui:danger:" + modelData) }
        }
    }
}
