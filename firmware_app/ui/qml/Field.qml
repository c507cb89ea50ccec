import QtQuick

// Something to type, by the screen's own keyboard (Keyboard.qml) or one that is plugged in. Nothing is predicted or learnt.
Column {
    id: field
    property string label
    property alias text: input.text
    property alias input: input
    property int most: 300
    property bool many: false
    property bool bare: false  // without its label above it: it stands in the field while that is empty
    signal edited(string text)
    signal accepted
    spacing: Look.gap / 2

    Words {
        width: parent.width
        soft: true
        text: field.label
        visible: text !== "" && !field.bare
        Accessible.ignored: true
    }
    Rectangle {
        width: parent.width
        height: Math.max(Look.touch, input.contentHeight + 2 * Look.gap)
        radius: Look.radius
        color: Look.surface
        border.width: input.activeFocus ? 3 : 1
        border.color: input.activeFocus ? Look.accent : Look.line
        TextEdit {
            id: input
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.margins: Look.gap
            anchors.verticalCenter: parent.verticalCenter
            color: Look.text
            selectionColor: Look.accent
            selectedTextColor: Look.accentInk
            font.pixelSize: Look.body
            wrapMode: TextEdit.Wrap
            textFormat: TextEdit.PlainText
            activeFocusOnTab: true
            inputMethodHints: Qt.ImhNoPredictiveText | Qt.ImhSensitiveData | Qt.ImhNoAutoUppercase
            property Item field: field
            Accessible.role: Accessible.EditableText
            Accessible.name: field.label
            onTextChanged: {
                if (length > field.most) remove(field.most, length);
                field.edited(text);
            }
            Keys.onReturnPressed: event => {
                if (field.many) { event.accepted = false; return; }
                focus = false;
                field.accepted();
            }
        }
        Words {
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.margins: Look.gap
            anchors.verticalCenter: parent.verticalCenter
            visible: field.bare && input.length === 0
            soft: true
            text: field.label
            Accessible.ignored: true
        }
        MouseArea {
            anchors.fill: parent
            onClicked: { input.forceActiveFocus(); input.cursorPosition = input.length; }
        }
    }
}
