import QtQuick

Page {
    id: page
    title: qsTr("ui:todo:title")
    scrolls: false
    fixed: [
        Words { x: Look.edge; width: parent.width - 2 * Look.edge; visible: evening.followUps.length === 0; text: qsTr("ui:todo:none") },
        ListView {
            anchors.fill: parent
            anchors.leftMargin: Look.edge
            anchors.rightMargin: Look.edge
            clip: true
            model: evening.followUps
            spacing: Look.gap
            boundsBehavior: Flickable.StopAtBounds
            pixelAligned: true
            delegate: TodoRow { width: ListView.view.width; named: true }
        }
    ]
}
