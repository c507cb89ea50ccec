import QtQuick

// Which screen is shown; above it one line of news, below it the keyboard. Hidden, there is nothing at all.
Rectangle {
    id: root
    width: 480
    height: 800
    color: Look.ground
    Binding { target: Look; property: "narrow"; value: Math.min(root.width, root.height) }
    Binding { target: Look; property: "wide"; value: root.width > root.height }

    Loader {
        id: loader
        objectName: "screen"
        anchors.top: parent.top
        anchors.bottom: keyboard.top
        width: parent.width
        focus: true
        source: app.hidden ? "" : Qt.resolvedUrl(app.screen[0].toUpperCase() + app.screen.slice(1) + "Screen.qml")
    }
    Keyboard {
        id: keyboard
        anchors.bottom: parent.bottom
        width: parent.width
        target: {
            const item = root.Window.activeFocusItem;
            return !app.hidden && item && item.field !== undefined ? item : null;
        }
        height: implicitHeight
    }
    Rectangle {
        // On its side there is room for the keyboard and one field: good news waits, a trouble does not.
        visible: app.notice !== "" && !app.hidden && (app.noticeIsTrouble || !keyboard.visible || root.height > root.width)
        width: parent.width
        height: Math.max(Look.touch + Look.gap / 2, news.implicitHeight + 2 * Look.gap)
        radius: Look.radius
        color: Look.surface
        border.width: app.noticeIsTrouble ? 3 : 1
        border.color: app.noticeIsTrouble ? Look.trouble : Look.line
        Accessible.role: Accessible.AlertMessage
        Accessible.name: app.notice
        Words {
            id: news
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.margins: Look.gap
            anchors.verticalCenter: parent.verticalCenter
            text: (app.noticeIsTrouble ? "! " : "") + app.notice
        }
        MouseArea { anchors.fill: parent; onClicked: app.dismissNotice() }
    }
    // What was just saved can be taken back, for ten seconds: in the place of a heading that leads nowhere.
    Rectangle {
        visible: contact.canUndo && app.screen === "evening" && app.notice === "" && !app.hidden
        width: parent.width
        height: Math.max(Look.touch + Look.gap / 2, savedText.implicitHeight + 2 * Look.gap)
        radius: Look.radius
        color: Look.surface
        border.width: 1
        border.color: Look.line
        Accessible.role: Accessible.AlertMessage
        Accessible.name: savedText.text
        Words {
            id: savedText
            anchors.left: parent.left
            anchors.right: undo.left
            anchors.margins: Look.gap
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("ui:saved")
        }
        MouseArea { anchors.fill: parent; onClicked: contact.dismissUndo() }
        Tap {
            id: undo
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            width: Math.min(implicitWidth, parent.width * 0.55)
            text: app.fill(qsTr("ui:undo"), [contact.undoSeconds])
            onClicked: contact.undo()
        }
    }
    Rectangle {
        anchors.fill: parent
        objectName: "cover"
        visible: app.hidden || app.covered
        color: "#000000"
        z: 10
    }
}
